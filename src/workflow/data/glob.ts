/** Whether a path is a pattern that many names may match. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path);

/** What all names that match begin with, up to the last `/` before the first wildcard. */
export function fixedFolder(pattern: string): string {
  const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}

/**
 * A pattern as a regular expression: `*` and `?` stand for characters of one name, `**` for folders of any depth, `[a-z]` and
 * `[!a-z]` for one character, `{a,b}` for either.
 */
export function globExpression(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(/\*\*\/|\*\*|[*?{},]|\[!?[^\]]+\]|[\\^$+.()|[\]]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        if (depth === 0) return '\\}';
        depth--;
        return ')';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
        return `\\${token}`;
    }
  });
  return new RegExp(`^${source}${')'.repeat(depth)}$`);
}
