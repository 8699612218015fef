/** CPU microseconds of this process with all its threads. */
export function ownMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
