import type { ConfigurationFigures, MethodFigure, StageCharacterisation } from '../../model/index.js';
import { configurationText, tickText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { dots, errorBars } from '../svg/scatter.js';
import { withError } from '../terminal/with-error.js';
import { configurationRows } from './configuration-bars.js';
import { seriesLook } from './palette.js';

const ROW = 24;

const nameOf = ({ source, domain }: MethodFigure): string => `${source} ${domain}`;

const endOf = ({ statistics }: MethodFigure): number =>
  Math.min(statistics.mean + (statistics.confidence95 ?? 0), statistics.mean * 1.3);

/** What every method says of every configuration: side by side, as no two need agree. Undefined where none is known. */
export function methodsChart(stage: StageCharacterisation, id: string): Markup | undefined {
  const known = new Map<string, MethodFigure>();
  for (const { methods } of stage.configurations)
    for (const method of methods) known.set(nameOf(method), method);
  if (known.size === 0) return undefined;
  const looks = new Map([...known.keys()].sort().map((name, index) => [name, seriesLook(index)]));
  return configurationRows(stage, {
    id,
    title: 'Energy by method',
    description: `Means with 95 % intervals by ${[...looks.keys()].join(', ')}.`,
    label: 'energy of a repetition',
    rowHeight: ROW,
    legend: [...looks].map(([name, look]) => ({
      label: `${name} (${known.get(name)?.provenance ?? ''})`,
      look,
      kind: 'dot',
    })),
    most: ({ methods }: ConfigurationFigures) => Math.max(0, ...methods.map(endOf)),
    write: tickText('energy'),
    row: ({ methods, configuration }, scale, top) => {
      const y = top + ROW / 2;
      const within = (value: number): number => scale.at(Math.min(scale.to, Math.max(0, value)));
      return markup`${methods.map((method) => {
        const { mean, confidence95 } = method.statistics;
        const look = looks.get(nameOf(method)) ?? '';
        const reach =
          confidence95 === undefined
            ? undefined
            : { from: within(mean - confidence95), to: within(mean + confidence95) };
        return markup`${errorBars(within(mean), y, look, reach)}${dots([
          {
            x: within(mean),
            y,
            look: `${look} mean`,
            radius: 4.5,
            title: `${configurationText(configuration)}: ${nameOf(method)} ${withError(mean, confidence95, 'J')}, ${method.provenance}`,
          },
        ])}`;
      })}`;
    },
  });
}
