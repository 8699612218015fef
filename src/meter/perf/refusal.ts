import {
  ErrorCode,
  type Host,
  messageOf,
  readTextIfAny,
  systemCode,
  WattloopError,
} from '../../base/index.js';

export interface Refusal {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly remedy: string;
}

/** What `kernel.perf_event_paranoid` may be at most for a user without privileges to count… */
export const ParanoidLimit = { processors: 0, kernel: 1, ownProcesses: 2 } as const;

function denied(host: Host, errno: string, limit: number): Refusal {
  const level = readTextIfAny(host.proc('sys/kernel/perf_event_paranoid'))?.trim();
  const strict = level !== undefined && Number(level) > limit;
  return strict
    ? {
        code: ErrorCode.permissionDenied,
        reason: `permission denied (${errno}): kernel.perf_event_paranoid is ${level} and there is no CAP_PERFMON`,
        remedy: `Run as root (in a container add --cap-add PERFMON), or: sudo sysctl kernel.perf_event_paranoid=${limit}, or: sudo setcap cap_perfmon=ep "$(command -v node)"`,
      }
    : {
        code: ErrorCode.permissionDenied,
        reason: `permission denied (${errno}), though kernel.perf_event_paranoid is ${level ?? 'not known'}: another user's process, a container's seccomp filter, or a security module`,
        remedy: 'Run as root; in a container add --cap-add PERFMON, or --security-opt seccomp=unconfined',
      };
}

/** Why the kernel did not open a counter, from errno's name, and what would make it. */
export function explainErrno(host: Host, errno: string, limit: number): Refusal {
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return denied(host, errno, limit);
    case 'ENOSYS':
      return {
        code: ErrorCode.sourceUnavailable,
        reason: 'this kernel has no performance counters (perf_event_open: ENOSYS)',
        remedy: 'Use a kernel with CONFIG_PERF_EVENTS; sandboxed kernels such as gVisor have none',
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: ErrorCode.kernelFailed,
        reason: `no more file descriptors for counters (${errno})`,
        remedy: 'Raise the limit: ulimit -n 65536, or LimitNOFILE= of the service',
      };
    default:
      return {
        code: ErrorCode.kernelFailed,
        reason: `the kernel refused a performance counter (${errno})`,
        remedy: 'See the kernel log: dmesg | grep -i perf',
      };
  }
}

/** Whatever was thrown while counters were opened, as a reason and a remedy. */
export function explainRefusal(host: Host, error: unknown, limit: number): Refusal {
  if (error instanceof WattloopError)
    return { code: error.code, reason: error.message, remedy: error.remedy ?? 'See the log' };
  const errno = systemCode(error);
  if (errno !== undefined) return explainErrno(host, errno, limit);
  return { code: ErrorCode.internal, reason: messageOf(error), remedy: 'Run again with --debug' };
}
