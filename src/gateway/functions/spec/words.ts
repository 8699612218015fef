/**
 * The words of a command, as a shell would part them: quotes keep blanks, a backslash keeps the next character. Nothing is
 * expanded, no shell runs. Undefined where a quote is left open.
 */
export function commandWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quote === "'" && letter !== "'") word += letter;
    else if (letter === '\\') word = (word ?? '') + text.charAt(++at);
    else if (quote !== '' && letter !== quote) word += letter;
    else if (quote !== '') quote = '';
    else if (letter === '"' || letter === "'") [quote, word] = [letter, word ?? ''];
    else if (!/\s/.test(letter)) word = (word ?? '') + letter;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : undefined;
}
