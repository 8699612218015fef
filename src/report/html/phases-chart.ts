import {
  type ConfigurationFigures,
  PHASES,
  type PhaseName,
  type StageCharacterisation,
} from '../../model/index.js';
import { configurationText, tickText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { stackedBar } from '../svg/bars.js';
import { coordinate } from '../svg/coordinate.js';
import { seconds } from '../terminal/figures.js';
import { configurationRows } from './configuration-bars.js';

const ROW = 26;
const BAR = 16;

const LOOKS: Readonly<Record<PhaseName, string>> = {
  cold_start: 'unattributed',
  read: 'floor',
  compute: 'work',
  write: 'control',
};
const NAMES: Readonly<Record<PhaseName, string>> = {
  cold_start: 'cold start',
  read: 'read',
  compute: 'compute',
  write: 'write',
};

const sumOf = ({ phaseSeconds }: ConfigurationFigures): number =>
  PHASES.reduce((sum, phase) => sum + phaseSeconds[phase], 0);

/** What the invocations of each configuration spent their time on. Undefined where no phase was timed. */
export function phasesChart(stage: StageCharacterisation, id: string): Markup | undefined {
  if (!stage.configurations.some((figures) => sumOf(figures) > 0)) return undefined;
  return configurationRows(stage, {
    id,
    title: 'Phases by configuration',
    description:
      'Stacked bars of cold start, read, compute and write, summed over the invocations of a repetition.',
    label: 'seconds of all invocations together',
    rowHeight: ROW,
    legend: PHASES.map((phase) => ({ label: NAMES[phase], look: LOOKS[phase], kind: 'area' })),
    most: sumOf,
    write: tickText('time'),
    row: (figures, scale, top) => {
      const { phaseSeconds, configuration } = figures;
      const parts = PHASES.map((phase) => ({
        value: phaseSeconds[phase],
        look: LOOKS[phase],
        title: `${configurationText(configuration)}: ${NAMES[phase]} ${seconds(phaseSeconds[phase])}`,
      }));
      const sum = sumOf(figures);
      return markup`${stackedBar(parts, scale, top + (ROW - BAR) / 2, BAR)}
<text class="tick" x="${coordinate(scale.at(sum) + 8)}" y="${coordinate(top + ROW / 2)}" dy="0.32em">${seconds(sum)}</text>`;
    },
  });
}
