import { workflow } from 'wattloop/workflow';

export default workflow('no-op', { parameters: { tasks: 1000 } }, (flow) => {
  flow.stage('nothing', { workers: flow.parameters.tasks, memoryMib: 128, run: () => 0 });
});
