/** Client processors of which the table has no row, by what the letters at the end of their names promise. */
export interface ClientClass {
  readonly family: 'core' | 'ryzen' | 'ryzen threadripper';
  /** What follows the digits of the name, in lower case. */
  readonly suffixes: readonly string[];
  /** Design power of the class. */
  readonly watts: number;
  readonly source: string;
}

const INTEL = "Intel's naming rules: base power by suffix";
const AMD = "AMD's naming rules: design power by suffix";

export const CLIENT_CLASSES: readonly ClientClass[] = [
  { family: 'core', suffixes: ['', 'f', 'e'], watts: 65, source: INTEL },
  { family: 'core', suffixes: ['k', 'kf', 'ks'], watts: 125, source: INTEL },
  { family: 'core', suffixes: ['t', 'te'], watts: 35, source: INTEL },
  { family: 'core', suffixes: ['hx'], watts: 55, source: INTEL },
  { family: 'core', suffixes: ['h', 'hk', 'hf', 'hq'], watts: 45, source: INTEL },
  { family: 'core', suffixes: ['p'], watts: 28, source: INTEL },
  { family: 'core', suffixes: ['u', 'g1', 'g4', 'g7'], watts: 15, source: INTEL },
  { family: 'core', suffixes: ['y'], watts: 7, source: INTEL },
  { family: 'ryzen', suffixes: ['', 'g', 'f'], watts: 65, source: AMD },
  { family: 'ryzen', suffixes: ['x', 'xt'], watts: 105, source: AMD },
  { family: 'ryzen', suffixes: ['x3d'], watts: 120, source: AMD },
  { family: 'ryzen', suffixes: ['ge', 'hs'], watts: 35, source: AMD },
  { family: 'ryzen', suffixes: ['hx'], watts: 55, source: AMD },
  { family: 'ryzen', suffixes: ['h'], watts: 45, source: AMD },
  { family: 'ryzen', suffixes: ['u', 'c'], watts: 15, source: AMD },
  { family: 'ryzen threadripper', suffixes: ['x', 'wx'], watts: 280, source: AMD },
];

// From the sixth generation of Core on: those before had other powers by the same letters.
const CORE = /^core (?:i\d-(?:1\d{3,4}|[6-9]\d{3})|(?:ultra )?\d \d{3})(?<suffix>[a-z]?\w*)$/;
const RYZEN = /^(?<family>ryzen(?: threadripper)?)(?: pro)?(?: \d)?(?: pro)? \d{3,4}(?<suffix>[a-z]?\w*)$/;

/** The class of a name in the table's form, such as `core i7-13650hx`. */
export function clientClass(name: string): ClientClass | undefined {
  const { family = 'core', suffix } = (CORE.exec(name) ?? RYZEN.exec(name))?.groups ?? {};
  if (suffix === undefined) return undefined;
  return CLIENT_CLASSES.find((entry) => entry.family === family && entry.suffixes.includes(suffix));
}
