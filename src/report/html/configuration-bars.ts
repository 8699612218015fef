import type { ConfigurationFigures, StageCharacterisation } from '../../model/index.js';
import { shortName, varyingAxes } from '../characterisation-words.js';
import { type Markup, markup } from '../markup.js';
import { horizontalAxis } from '../svg/axes.js';
import { coordinate } from '../svg/coordinate.js';
import { type LegendEntry, legend } from '../svg/legend.js';
import { picture } from '../svg/picture.js';
import { amountScale, type Scale } from '../svg/scale.js';

const WIDTH = 1080;
const NAMES = 190;
const VALUES = 84;
const TOP = 10;
/** Bars that one picture shows; the tables have every configuration. */
const ROWS_AT_MOST = 40;

export interface ConfigurationRows {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly label: string;
  readonly rowHeight: number;
  readonly legend: readonly LegendEntry[];
  /** The end of the row of a configuration. */
  most(figures: ConfigurationFigures): number;
  write(value: number): string;
  row(figures: ConfigurationFigures, scale: Scale, top: number): Markup;
}

/** A picture with one row for each configuration, along one scale. */
export function configurationRows(stage: StageCharacterisation, view: ConfigurationRows): Markup {
  const axes = varyingAxes(stage.configurations.map(({ configuration }) => configuration));
  const shown = stage.configurations.slice(0, ROWS_AT_MOST);
  const scale = amountScale(Math.max(...shown.map(view.most)), { start: NAMES, end: WIDTH - VALUES });
  const bottom = TOP + shown.length * view.rowHeight;
  const rows = shown.map((figures, index) => {
    const top = TOP + index * view.rowHeight;
    return markup`<text class="tick" x="${NAMES - 10}" y="${coordinate(top + view.rowHeight / 2)}" dy="0.32em" text-anchor="end">${shortName(figures.configuration, axes)}</text>
${view.row(figures, scale, top)}`;
  });
  const drawn = picture(
    { id: view.id, width: WIDTH, height: bottom + 46, title: view.title, description: view.description },
    [horizontalAxis({ scale, label: view.label, write: view.write }, TOP, bottom, true), rows],
  );
  const more =
    shown.length < stage.configurations.length
      ? markup`<p class="note">${shown.length} of ${stage.configurations.length} configurations.</p>`
      : undefined;
  return markup`<figure><div class="scroll" tabindex="0" role="region" aria-label="${view.title}">${drawn}</div>${legend(view.legend)}${more}</figure>`;
}
