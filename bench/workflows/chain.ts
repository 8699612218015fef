import { each, gather, workflow } from 'wattloop/workflow';

/** A DAG whose size is a parameter: two stages of so many partitions, and one that gathers. */
export default workflow('chain', { parameters: { invocations: 100 } }, (flow) => {
  const half = Math.max(1, Math.floor((flow.parameters.invocations - 1) / 2));
  const first = flow.stage('first', {
    workers: half,
    memoryMib: 128,
    run: (_, { partition }) => partition,
  });
  const second = flow.stage('second', {
    memoryMib: 128,
    inputs: { first: each(first) },
    run: ({ first }) => first + 1,
  });
  return flow.stage('last', {
    memoryMib: 128,
    inputs: { second: gather(second) },
    run: ({ second }) => second.reduce((sum, value) => sum + value, 0),
  });
});
