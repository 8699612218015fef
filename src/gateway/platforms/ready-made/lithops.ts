import type { WorkerRule } from '../../../model/index.js';
import { controlPlane, nobody, worker } from './rule.js';

/** An executor, its number, and the job's kind and number: `a1b2c3-0-M000`. */
const JOB = '[0-9a-zA-Z]+-\\d+-[A-Za-z]\\d{3}';

/**
 * Lithops on this machine and on Kubernetes. Its runner is given a file of the job's key; the processes of its service (the
 * second version) work for all jobs, and nothing about them says for which.
 */
export const LITHOPS: readonly WorkerRule[] = [
  worker(
    'runner',
    { process: 'py', command: `/localhost-runner\\.py run_job \\S*?/(?<job>${JOB})-[^/ ]*\\.json` },
    'lithops/${job}',
  ),
  worker('service', { process: 'py', command: '/localhost-service\\.py( |$)' }, 'lithops/localhost'),
  nobody('container that tells its modules', { container: '^lithops_metadata$' }),
  worker('job container', { container: `^lithops_(?<job>${JOB})$` }, 'lithops/${job}'),
  worker('service container', { container: '^lithops_[0-9a-f]{12}$' }, 'lithops/localhost'),
  controlPlane('master pod', { pod: '^lithops-master' }),
  worker('job pod', { pod: `^lithops-(?<job>${JOB})(-\\d+)?-[0-9a-z]{5}$` }, 'lithops/${job}'),
  worker('pool pod', { pod: '^lithops-pod-' }, 'lithops/kubernetes'),
];
