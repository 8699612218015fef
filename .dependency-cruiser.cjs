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

module.exports = {
  forbidden: [
    ...upwards,
    ...doors,
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
      from: { path: '^src/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
