const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
/** What may follow a name: the text to take where it is not set, or (with a colon) empty. */
const OTHERWISE = /^:?[-=]/;

/** Puts in variables: `${NAME}`, `${NAME:-otherwise}`, `${NAME-otherwise}`; `$${NAME}` stands for `${NAME}` itself. */
export function substitute(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
  missing: (name: string) => void = () => undefined,
): string {
  let result = '';
  let at = 0;
  for (;;) {
    const begin = text.indexOf('${', at);
    if (begin < 0) return result + text.slice(at);
    if (text[begin - 1] === '$' && begin > at) {
      result += `${text.slice(at, begin - 1)}\${`;
      at = begin + 2;
      continue;
    }
    const end = closingBrace(text, begin + 2);
    if (end === undefined) throw new Error(`"${text.slice(begin)}" has no closing brace`);
    result += text.slice(at, begin) + expanded(text.slice(begin + 2, end), variables, missing);
    at = end + 1;
  }
}

/** Braces within belong to variables within. */
function closingBrace(text: string, from: number): number | undefined {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return undefined;
}

function expanded(
  expression: string,
  variables: Readonly<Record<string, string | undefined>>,
  missing: (name: string) => void,
): string {
  const [name = ''] = NAME.exec(expression) ?? [];
  const rest = expression.slice(name.length);
  const [operator] = OTHERWISE.exec(rest) ?? [];
  if (name === '' || (operator === undefined && rest !== '')) {
    throw new Error(`"\${${expression}}" is no variable: write \${NAME} or \${NAME:-otherwise}`);
  }
  const value = variables[name];
  if (value !== undefined && (value !== '' || operator?.startsWith(':') !== true)) return value;
  if (operator !== undefined) return substitute(rest.slice(operator.length), variables, missing);
  if (value === undefined) missing(name);
  return value ?? '';
}
