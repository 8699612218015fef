import type { Sensor } from './output.js';

/** Sensors whose sum is the power into the whole machine, and those that were not used. */
export interface Choice {
  readonly chosen: readonly Sensor[];
  readonly others: readonly Sensor[];
}

// Names as vendors give them, in lower case and with single spaces. Best first: one that says it is the input power of
// everything outweighs one that could be a mean or a part.
const WHOLE: readonly RegExp[] = [
  // Dell (Pwr Consumption; System Level before iDRAC 7), HPE (Power Meter), Cisco (POWER_USAGE), Supermicro (PW Consumption).
  /^(power|pwr|pw) (consumption|meter|usage)$|^system level$/,
  // Lenovo (Sys Power), Fujitsu and Inspur (Total Power), and boards that spell it out.
  /^(sys(tem)?|total|server|node|chassis|platform)( (ac|in|input))? (power|pwr)( (in|input|consumption|usage))?$/,
  // IBM System x.
  /^(avg|average) (power|pwr)$/,
];

// Huawei calls its total just "Power": then what it belongs to must be the board (7) or the chassis (23).
const PLAIN = /^(input )?(power|pwr)$/;
const WHOLE_ENTITY = /^(7|23)\./;

// PS1 Input Power, PS1 Power In (Intel, IBM), PSU1_PIN (Cisco, ASRock, Inspur), PS 1 Input, Power Supply 1 Input.
const SUPPLY_INPUT =
  /^(?:psu?|(?:power|pwr|pw) supply) ?(?:\d+|[a-d]) (?:(?:ac )?(?:in|input)(?: (?:power|pwr))?|(?:power|pwr) (?:in|input)|p ?in|ac (?:power|pwr))$/;

const normal = (name: string): string => name.toLowerCase().replace(/[\s_.-]+/g, ' ');

function whole(sensors: readonly Sensor[]): Sensor | undefined {
  for (const pattern of WHOLE) {
    const found = sensors.find((sensor) => pattern.test(normal(sensor.name)));
    if (found) return found;
  }
  return sensors.find((sensor) => PLAIN.test(normal(sensor.name)) && WHOLE_ENTITY.test(sensor.entity));
}

/**
 * The sensor of the whole machine; without one the inputs of its power supplies, those included that have no reading
 * now: a supply may be plugged in later. Never both: the one is the sum of the other. A sensor whose name does not say
 * that it is either (a processor's, a supply's output) is not guessed at.
 */
export function chooseSensors(sensors: readonly Sensor[], named: readonly string[] = []): Choice {
  // ipmitool reads by name: of sensors that share one, only the first could be read.
  const unique = sensors.filter((one) => sensors.every((other) => other === one || other.name !== one.name));
  const split = (wanted: (sensor: Sensor) => boolean): Choice => ({
    chosen: unique.filter(wanted),
    others: sensors.filter((one) => one.watts !== undefined && !(unique.includes(one) && wanted(one))),
  });
  if (named.length > 0) return split((sensor) => named.includes(sensor.name));
  const total = whole(unique.filter((sensor) => sensor.watts !== undefined));
  const inputs = split((sensor) => (total ? sensor === total : SUPPLY_INPUT.test(normal(sensor.name))));
  return inputs.chosen.some((sensor) => sensor.watts !== undefined) ? inputs : split(() => false);
}
