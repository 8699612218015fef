const FORM = /^(application\/x-www-form-urlencoded|multipart\/)/i;

/** What a command's answer is said to be: what its owner says, else what it was sent, else what it looks like. */
export function contentTypeOf(
  configured: string | undefined,
  asked: string | undefined,
  start: Buffer | undefined,
): string {
  if (configured) return configured;
  if (asked !== undefined && !FORM.test(asked)) return asked;
  return start === undefined || isText(start) ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}

/** A character may be cut at the end of what there is so far. */
function isText(start: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}
