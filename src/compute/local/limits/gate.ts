/** The exit code of a gate that could not be passed. */
const CLOSED = 97;

/**
 * A shell that enters the groups and then becomes the program, so that nothing of the program ever runs outside of them. It
 * leaves no core file: V8 ends itself with a signal that makes one when its heap is full.
 */
export function throughGate(procsFiles: readonly string[], program: readonly string[]): string[] {
  const script = `ulimit -c 0; while [ "$1" != -- ]; do echo 0 > "$1" || exit ${CLOSED}; shift; done; shift; exec "$@"`;
  return ['/bin/sh', '-c', script, 'wattloop', ...procsFiles, '--', ...program];
}
