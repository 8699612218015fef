const MILLISECONDS_PER_SECOND = 1_000;
const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds since 1970 as people of this time zone write them: `2026-05-01 14:03:07`. */
export function moment(unixSeconds: number): string {
  const date = new Date(unixSeconds * MILLISECONDS_PER_SECOND);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
