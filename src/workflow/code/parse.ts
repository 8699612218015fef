import { type Options, type Program, parse } from 'acorn';

const OPTIONS: Options = { ecmaVersion: 'latest', allowHashBang: true };

/** The syntax tree of a module, or of a script where it can be no module (a CommonJS file with an `arguments` of its own, say). */
export function parseModule(text: string): Program {
  try {
    return parse(text, { ...OPTIONS, sourceType: 'module' });
  } catch (error) {
    try {
      return parse(text, { ...OPTIONS, sourceType: 'script', allowReturnOutsideFunction: true });
    } catch {
      throw error;
    }
  }
}
