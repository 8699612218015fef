import type { RunRecord } from '../../../model/index.js';
import { type Markup, markup } from '../../markup.js';
import type { StageEnergy } from '../../run/energies.js';
import { legend } from '../../svg/legend.js';
import { joules, quantity } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';
import { FUNCTION_COLOURS, functionLook } from '../palette.js';
import { type BarRow, barRows } from './bar-rows.js';

const write = (value: number): string => quantity(value, 'J');
const total = ({ joules: own, idleJoules }: StageEnergy): number => own + idleJoules;

/** By stage, what its work drew and its share of idle, by the source that counts. */
function byStage(run: RunRecord, energies: readonly StageEnergy[]): Markup | undefined {
  const counted = run.stages.flatMap(({ name, source }) => {
    const energy = energies.find((each) => each.stage === name && each.source === source);
    return energy === undefined ? [] : [energy];
  });
  if (counted.length === 0) return undefined;
  const rows = counted.map((energy): BarRow => {
    const { stage, joules: own, idleJoules } = energy;
    return {
      name: stage,
      figure: joules(total(energy)),
      parts: [
        { value: own, look: 'work', title: `${stage}: its own work ${joules(own)}` },
        { value: idleJoules, look: 'idle', title: `${stage}: share of idle ${joules(idleJoules)}` },
      ],
    };
  });
  const hasIdle = counted.some(({ idleJoules }) => idleJoules > 0);
  const image = barRows(
    {
      id: 'energy-by-stage',
      title: 'Energy by stage',
      description: 'A bar for each stage, made of what its work drew and of its share of idle.',
      axis: 'energy of all its invocations',
      write,
    },
    rows,
  );
  return figure(
    image,
    legend([
      { label: hasIdle ? 'own work' : 'own work, idle not told apart', look: 'work', kind: 'area' },
      ...(hasIdle ? [{ label: 'share of idle', look: 'idle', kind: 'area' as const }] : []),
    ]),
    'Energy by stage',
    htmlTable(
      'Energy by stage',
      [
        { title: 'stage' },
        { title: 'by', kind: 'text' },
        { title: 'own work' },
        { title: 'idle' },
        { title: 'total' },
      ],
      counted.map((energy) => [
        energy.stage,
        energy.source,
        joules(energy.joules),
        joules(energy.idleJoules),
        joules(total(energy)),
      ]),
    ),
  );
}

/** By method, what it says of each stage: all methods that worked, side by side. */
function byMethod(energies: readonly StageEnergy[]): Markup | undefined {
  const sources = [...new Set(energies.map(({ source }) => source))];
  if (sources.length === 0) return undefined;
  const stages = [...new Set(energies.map(({ stage }) => stage))];
  const coloured = stages.slice(0, FUNCTION_COLOURS.length);
  const lookOf = (stage: string): string =>
    coloured.includes(stage) ? functionLook(coloured.indexOf(stage)) : 'others';
  const of = (source: string): readonly StageEnergy[] => energies.filter((each) => each.source === source);
  const sum = (source: string): number => of(source).reduce((all, energy) => all + total(energy), 0);
  const image = barRows(
    {
      id: 'energy-by-method',
      title: 'Energy by method',
      description: 'A bar for each method, made of the energies of the stages.',
      axis: 'energy of the run',
      write,
    },
    sources.map((source) => ({
      name: source,
      figure: joules(sum(source)),
      parts: of(source).map((energy) => ({
        value: total(energy),
        look: lookOf(energy.stage),
        title: `${source}: ${energy.stage} ${joules(total(energy))}`,
      })),
    })),
  );
  const entries = coloured.map((stage) => ({ label: stage, look: lookOf(stage), kind: 'area' as const }));
  const more = stages.length - coloured.length;
  return markup`<h3>By method</h3><p class="note">What each method says of the same work, idle included where it tells it apart.</p>${figure(
    image,
    legend(
      more > 0 ? [...entries, { label: `${more} other stages`, look: 'others', kind: 'area' }] : entries,
    ),
    'Energy by method',
    htmlTable(
      'Energy by method and stage',
      [{ title: 'method' }, ...stages.map((stage) => ({ title: stage })), { title: 'total' }],
      sources.map((source) => [
        source,
        ...stages.map((stage) => {
          const energy = of(source).find((each) => each.stage === stage);
          return energy === undefined ? '-' : joules(total(energy));
        }),
        joules(sum(source)),
      ]),
    ),
  )}`;
}

/** What was drawn, by stage and by method. */
export function energySection(run: RunRecord, energies: readonly StageEnergy[]): Markup | undefined {
  if (energies.length === 0) return undefined;
  return markup`<section><h2>Energy</h2><p class="note">By stage, retries and failed attempts included.</p>${byStage(run, energies)}${byMethod(energies)}</section>`;
}
