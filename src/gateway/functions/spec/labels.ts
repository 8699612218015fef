import { misspelt } from '../../../base/index.js';
import { Misdescribed } from './misdescribed.js';
import { Values } from './values.js';

/** Labels and annotations by which a function is described, as OpenFaaS names them, and our own. */
const SCALE = 'com.openfaas.scale.';
const OWN = 'com.wattloop.';

/** What a caller over HTTP may name as the handler. */
export const HANDLER_ANNOTATION = `${OWN}handler`;
const PRIORITY = `${OWN}priority`;
const QUEUE_LIMIT = `${OWN}queue.limit`;
const QUEUE_DEADLINE = `${OWN}queue.deadline`;
const SCALE_NAMES = [
  'min',
  'max',
  'zero',
  'zero-duration',
  'target',
  'target-proportion',
  'type',
  'factor',
].map((name) => SCALE + name);

/** Names that mean something, by the section in which they do. */
const KNOWN: Readonly<Record<'labels' | 'annotations', readonly string[]>> = {
  labels: [PRIORITY, QUEUE_LIMIT, QUEUE_DEADLINE, ...SCALE_NAMES],
  annotations: [HANDLER_ANNOTATION],
};

/** What scales with in OpenFaaS. Here waiting calls do; only a capacity has a meaning of its own. */
const TYPES = ['rps', 'capacity', 'cpu', 'memory', 'queue'];

/** What labels say. Undefined where they say nothing. */
export interface LabelWishes {
  readonly minReplicas: number | undefined;
  readonly maxReplicas: number | undefined;
  readonly scaleToZero: boolean | undefined;
  readonly idleSeconds: number | undefined;
  readonly concurrency: number | undefined;
  readonly queueLimit: number | undefined;
  readonly queueSeconds: number | undefined;
  readonly priority: number | undefined;
}

export function readLabels(labels: Readonly<Record<string, string>> = {}): LabelWishes {
  checkNames('labels', labels);
  const values = new Values('labels', labels);
  const type = values.text(`${SCALE}type`);
  if (type !== undefined && !TYPES.includes(type)) {
    throw values.refuse(`${SCALE}type`, `must be one of ${TYPES.join(', ')}, not ${JSON.stringify(type)}`);
  }
  const target = values.wholeNumber(`${SCALE}target`, 1);
  checkPart(values, `${SCALE}factor`, 100);
  checkPart(values, `${SCALE}target-proportion`, 1);
  return {
    minReplicas: values.wholeNumber(`${SCALE}min`, 0),
    maxReplicas: values.wholeNumber(`${SCALE}max`, 1),
    scaleToZero: values.truth(`${SCALE}zero`),
    idleSeconds: values.seconds(`${SCALE}zero-duration`),
    concurrency: type === 'capacity' ? target : undefined,
    queueLimit: values.wholeNumber(QUEUE_LIMIT, 0),
    queueSeconds: values.seconds(QUEUE_DEADLINE),
    priority: values.number(PRIORITY),
  };
}

/** Refuses names of ours, or nearly OpenFaaS', that mean nothing there: such a slip would have no effect, silently. */
export function checkNames(
  section: 'labels' | 'annotations',
  names: Readonly<Record<string, string>> = {},
): void {
  const known = KNOWN[section];
  for (const name of Object.keys(names)) {
    if (known.includes(name)) continue;
    const isScale = section === 'labels' && name.startsWith(SCALE);
    if (!isScale && !name.startsWith(OWN)) continue;
    const other = section === 'labels' ? 'annotations' : 'labels';
    if (KNOWN[other].includes(name)) {
      throw new Misdescribed(
        [section, name],
        `means nothing among the ${section}`,
        `Put it among the ${other}`,
      );
    }
    const prefix = isScale ? SCALE : OWN;
    const near = known.filter((one) => one.startsWith(prefix));
    const meant = misspelt(
      name.slice(prefix.length),
      near.map((one) => one.slice(prefix.length)),
    );
    const hint = meant === undefined ? `Known are ${near.join(', ')}` : `Did you mean "${prefix}${meant}"?`;
    throw new Misdescribed([section, name], 'is unknown', hint);
  }
}

/** Of what has no effect here, but would be wrong elsewhere too. */
function checkPart(values: Values, key: string, whole: number): void {
  const value = values.number(key);
  if (value === undefined || (value >= 0 && value <= whole)) return;
  throw values.refuse(key, `must lie between 0 and ${whole}, not ${value}`);
}
