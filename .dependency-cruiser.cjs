// The rooms of the house, from the roof to the ground. A room may import only from rooms below it, and only through their door.
const ROOMS = [
  'cli',
  'gateway',
  'workflow',
  'lab',
  'report',
  'adapt',
  'tune',
  'compute',
  'storage',
  'knowledge',
  'footprint',
  'meter',
  'model',
  'base',
  'maths',
  'errors',
];

/** @param {string} room */
const inside = (room) => `^src/${room}/`;

const upwards = ROOMS.slice(1).map((room, index) => ({
  name: `${room}-imports-upwards`,
  comment: `src/${room} stands below ${ROOMS.slice(0, index + 1).join(', ')} and may not import from there.`,
  severity: 'error',
  from: { path: inside(room) },
  to: { path: `^src/(${ROOMS.slice(0, index + 1).join('|')})/` },
}));

const doors = ROOMS.map((room) => ({
  name: `not-through-the-door-of-${room}`,
  comment: `Other rooms enter src/${room} by its index.ts alone; their tests may use what it tests itself with.`,
  severity: 'error',
  from: { path: '^src/', pathNot: inside(room) },
  to: { path: inside(room), pathNot: `^src/${room}/(index\\.ts$|testing/)` },
}));

// Tests may read files and settings; what they test may not.
const NOT_A_TEST = '(\\.test\\.ts$|/testing/)';

// Rooms that run in a browser or a worker as they stand: no file, no clock, no network. What they import must be pure too.
const PURE = '^src/(footprint|model|maths|errors)/';
const pure = [
  {
    name: 'pure-room-imports-nodejs',
    comment: 'footprint, and all that it stands on, is plain data in, plain data out.',
    severity: 'error',
    from: { path: PURE, pathNot: NOT_A_TEST },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'pure-room-imports-impure-room',
    comment: 'WattloopError comes from errors, which is pure; base is not.',
    severity: 'error',
    from: { path: PURE, pathNot: NOT_A_TEST },
    to: { path: '^src/', pathNot: PURE },
  },
  {
    name: 'account-imports-a-package',
    comment: 'The account and its mathematics need no package from npm.',
    severity: 'error',
    from: { path: '^src/(footprint|maths|errors)/', pathNot: NOT_A_TEST },
    to: { path: 'node_modules' },
  },
  {
    name: 'ground-room-imports-a-room',
    comment: 'maths and errors are the ground: they import no other room.',
    severity: 'error',
    from: { path: '^src/(maths|errors)/', pathNot: NOT_A_TEST },
    to: { path: '^src/', pathNot: '^src/$1/' },
  },
];

module.exports = {
  forbidden: [
    ...upwards,
    ...doors,
    ...pure,
    {
      name: 'unknown-room',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${ROOMS.join('|')})/` },
    },
    { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'development-dependency-in-source',
      severity: 'error',
      from: { path: '^src/', pathNot: NOT_A_TEST },
      // Optional peers are installed here for tests, and by users who want what needs them.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // As Node.js resolves what an ES module imports.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
