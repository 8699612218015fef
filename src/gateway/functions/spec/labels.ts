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
const OWN_NAMES = [HANDLER_ANNOTATION, PRIORITY, QUEUE_LIMIT, QUEUE_DEADLINE];
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

/** Refuses names that are nearly one of those that mean something here: such a slip would have no effect, silently. */
export function checkNames(section: string, names: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(names)) {
    const known = name.startsWith(OWN) ? OWN_NAMES : name.startsWith(SCALE) ? SCALE_NAMES : undefined;
    if (known === undefined || known.includes(name)) continue;
    const meant = misspelt(name, known);
    const hint = meant === undefined ? `Known are ${known.join(', ')}` : `Did you mean "${meant}"?`;
    throw new Misdescribed([section, name], 'is unknown', hint);
  }
}

/** Of what has no effect here, but would be wrong elsewhere too. */
function checkPart(values: Values, key: string, whole: number): void {
  const value = values.number(key);
  if (value === undefined || (value >= 0 && value <= whole)) return;
  throw values.refuse(key, `must lie between 0 and ${whole}, not ${value}`);
}
