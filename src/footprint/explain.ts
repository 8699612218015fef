import type { Trace } from '../model/index.js';
import { explainCombined } from './disaggregate/combined-power.js';
import { type Explained, explainPower } from './disaggregate/explain-power.js';
import { explainAsPublished } from './disaggregate/published.js';
import { sight } from './disaggregate/sight.js';
import { cpuCourse } from './load/cpu-course.js';
import type { Scene } from './observe.js';
import type { AttributeMode } from './options.js';
import { cleanPowerTable } from './power/clean.js';
import { idlePower } from './power/idle.js';
import { usableWatts } from './power/marks.js';
import { samplesOf } from './power/samples.js';

/** How each mode explains a machine's power: loads of everyone, and watts for each. */
/** The modes that explain a record as a whole. */
export type WholeMode = Exclude<AttributeMode, 'online'>;

const EXPLAIN: Readonly<Record<WholeMode, (scene: Scene, trace: Trace) => Explained>> = {
  law: ({ observation, response }) => explainPower(observation, response),
  full: ({ observation, response }) =>
    explainAsPublished(sight(observation, response), observation.occupancy.rows, 0),
  'no-idle': ({ observation, response, idle }) =>
    explainAsPublished(sight(observation, response), observation.occupancy.rows, idle?.watts ?? 0),
  combined: ({ observation, response, idle, sharedNames }, trace) => {
    const { occupancy } = observation;
    const cpu = cpuCourse(trace, occupancy, sharedNames, idleCpuWatts(trace, observation.occupancy));
    return explainCombined(sight(observation, response), occupancy, cpu, idle?.watts ?? 0);
  },
};

export const explain = (scene: Scene, trace: Trace, mode: WholeMode): Explained =>
  EXPLAIN[mode](scene, trace);

/** The processor's power at rest: as given, else while nothing ran. Its counter is on the clock of the work. */
function idleCpuWatts(
  { power, description }: Trace,
  occupancy: Scene['observation']['occupancy'],
): number | undefined {
  if (description.idleCpuWatts !== undefined) return description.idleCpuWatts;
  const watts = usableWatts(power.cpuWatts, cleanPowerTable(power, description).cpu);
  const samples = samplesOf(power.t, watts, 0);
  return idlePower(samples, occupancy, { delaySeconds: 0, smoothingSeconds: 0 })?.value;
}
