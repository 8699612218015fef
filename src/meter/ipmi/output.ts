/** What `ipmitool dcmi power reading` says. */
export interface DcmiPower {
  readonly watts: number;
  readonly minimumWatts: number | undefined;
  readonly maximumWatts: number | undefined;
  readonly averageWatts: number | undefined;
  readonly activated: boolean;
}

function field(text: string, label: RegExp): string | undefined {
  for (const line of text.split('\n')) {
    // Times hold colons too, and ipmitool 1.8.18 forgets a newline after one: only the label's own colon counts.
    const found = label.exec(line);
    if (found) return line.slice(found.index + found[0].length).trim();
  }
  return undefined;
}

function watts(text: string, label: RegExp): number | undefined {
  const found = /^(\d+) Watts$/.exec(field(text, label) ?? '');
  return found ? Number(found[1]) : undefined;
}

/** Undefined when there is no power in it. */
export function parseDcmiPower(text: string): DcmiPower | undefined {
  const now = watts(text, /Instantaneous power reading:/);
  if (now === undefined) return undefined;
  return {
    watts: now,
    minimumWatts: watts(text, /Minimum during sampling period:/),
    maximumWatts: watts(text, /Maximum during sampling period:/),
    averageWatts: watts(text, /Average power reading over sample period:/),
    activated: field(text, /Power reading state is:/) === 'activated',
  };
}

/** A sensor of the controller's repository that measures watts, or may: one without a reading hides its unit. */
export interface Sensor {
  readonly name: string;
  /** What it belongs to, as `ID.INSTANCE`: 7 is the system board, 10 a power supply, 3 a processor. */
  readonly entity: string;
  readonly watts: number | undefined;
}

/** From `ipmitool sdr elist full`: `name | number | status | entity | reading`. Other units than watts are left out. */
export function parseSensorList(text: string): Sensor[] {
  return text.split('\n').flatMap((line): Sensor[] => {
    const [name, , , entity, reading] = line.split('|').map((cell) => cell.trim());
    if (!name || !entity) return [];
    const found = /^(\d+(?:\.\d+)?) Watts$/.exec(reading ?? '');
    if (found) return [{ name, entity, watts: Number(found[1]) }];
    return /^(No Reading|Disabled)?$/.test(reading ?? '') ? [{ name, entity, watts: undefined }] : [];
  });
}

/** The readings of `ipmitool -c sensor reading NAME…`: one `name,value` a line; a sensor without a value is left out. */
export function parseReadings(text: string): Map<string, number> {
  const readings = new Map<string, number>();
  for (const line of text.split('\n')) {
    const found = /^(.+),(\d+(?:\.\d+)?)$/.exec(line.trim());
    if (found?.[1] !== undefined) readings.set(found[1].trim(), Number(found[2]));
  }
  return readings;
}
