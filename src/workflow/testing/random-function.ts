/** Choices that a property test makes: they shrink to nothing. */
class Choices {
  readonly #choices: readonly number[];
  #at = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  /** 0 up to `count`, 0 when all are used up. */
  below(count: number): number {
    return (this.#choices[this.#at++] ?? 0) % count;
  }

  get areUsedUp(): boolean {
    return this.#at >= this.#choices.length;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  some(names: readonly string[]): string[] {
    return names.filter(() => this.below(3) === 1);
  }
}

const NAMES = ['a', 'b', 'c', 'd'] as const;

/** Writes a function, and knows of every name that it writes whether something within the function declares it. */
class Writer {
  readonly choices: Choices;
  readonly free = new Set<string>();
  /** Names by scope, the innermost last. */
  readonly #scopes: Set<string>[] = [];

  constructor(choices: Choices) {
    this.choices = choices;
  }

  #within<T>(names: readonly string[], write: () => T): T {
    this.#scopes.push(new Set(names));
    const written = write();
    this.#scopes.pop();
    return written;
  }

  #name(): string {
    const name = this.choices.pick(NAMES);
    if (!this.#scopes.some((scope) => scope.has(name))) this.free.add(name);
    return name;
  }

  expression(): string {
    if (this.choices.areUsedUp) return '0';
    switch (this.choices.below(14)) {
      case 0:
        return this.#name();
      case 1:
        return `x.${this.choices.pick(NAMES)}`.replace(/^x/, () => `(${this.expression()})`);
      case 2:
        return `({ ${this.#name()} })`;
      case 3:
        return `({ ${this.choices.pick(NAMES)}: ${this.expression()}, [${this.#name()}]: 1 })`;
      case 4:
        return `\`\${${this.expression()}}\``;
      case 5:
        return `(${this.expression()} ?? ${this.expression()})`;
      case 6:
        return this.fn(true);
      case 7:
        return this.fn(false);
      case 8:
        return `({ ${this.choices.pick(NAMES)}() ${this.#body([])} })`;
      case 9:
        return this.#classExpression();
      case 10:
        return `(${this.#name()} = ${this.expression()})`;
      case 11:
        return `([${this.#name()}, { x: ${this.#name()} }] = ${this.expression()})`;
      case 12:
        return `${this.#name()}++`;
      default:
        return `[${this.expression()}, ...${this.expression()}]`;
    }
  }

  #classExpression(): string {
    const own = this.choices.pick(NAMES);
    return this.#within([own], () => {
      const heritage = this.choices.below(2) ? ` extends (${this.expression()})` : '';
      return `(class ${own}${heritage} { static ${this.choices.pick(NAMES)} = ${this.expression()}; static { ${this.#within([], () => this.expression())}; } })`;
    });
  }

  /** A function with parameters, some of them taken apart and with defaults that see the others. */
  fn(isArrow: boolean): string {
    const parameters = this.choices.some(NAMES);
    const own = isArrow || this.choices.below(2) ? [] : [this.choices.pick(NAMES)];
    return this.#within(own, () =>
      this.#within(parameters, () => {
        const written = parameters.map((name) => {
          if (this.choices.below(2)) return name;
          return this.choices.below(2)
            ? `${name} = ${this.expression()}`
            : `{ x: [${name}] = ${this.expression()} }`;
        });
        const head = `(${written.join(', ')})`;
        if (isArrow && this.choices.below(2)) return `(${head} => (${this.expression()}))`;
        const body = this.#body(parameters);
        return isArrow ? `(${head} => ${body})` : `(function ${own[0] ?? ''}${head} ${body})`;
      }),
    );
  }

  #body(parameters: readonly string[]): string {
    const vars = this.choices.some(NAMES);
    return this.#within(vars, () => this.#block(vars, [...parameters, ...vars]));
  }

  /** A block that declares some names of its own, and somewhere in it the vars of its function. */
  #block(vars: readonly string[], taken: readonly string[]): string {
    const own = this.choices.some(NAMES).filter((name) => !taken.includes(name));
    return this.#within(own, () => {
      const declarations = own.map((name) => this.#declaration(name));
      const hidden = vars.map((name) =>
        this.choices.pick([`{ var ${name}; }`, `for (var ${name} of []);`, `var { ${name} } = {};`]),
      );
      const count = this.choices.below(3);
      const statements = Array.from({ length: count }, () => this.#statement());
      return `{ ${[...statements, ...hidden, ...declarations].join(' ')} }`;
    });
  }

  #declaration(name: string): string {
    switch (this.choices.below(4)) {
      case 0:
        return `const ${name} = ${this.expression()};`;
      case 1:
        return `let [${name} = ${this.expression()}] = [];`;
      case 2:
        return `function ${name}() ${this.#within([], () => this.#body([]))}`;
      default:
        return `class ${name} {}`;
    }
  }

  #statement(): string {
    const own = this.choices.pick(NAMES);
    switch (this.choices.below(7)) {
      case 0:
        return this.#block([], []);
      case 1:
        return this.#within([own], () => `for (let ${own} of ${this.expression()}) ${this.#block([], [])}`);
      case 2:
        return this.#within(
          [own],
          () => `for (let ${own} = 0; ${this.expression()}; ) { ${this.expression()}; }`,
        );
      case 3: {
        const tried = this.#block([], []);
        return this.#within([own], () => `try ${tried} catch ({ x: ${own} }) ${this.#block([], [own])}`);
      }
      case 4:
        return `${own}: for (;;) { break ${own}; }`;
      case 5: {
        const subject = this.expression();
        return this.#within(
          [own],
          () =>
            `switch (${subject}) { case ${this.expression()}: let ${own}; default: ${this.expression()}; }`,
        );
      }
      default:
        return `${this.expression()};`;
    }
  }
}

export interface RandomFunction {
  readonly source: string;
  /** Names that it uses and does not declare. */
  readonly free: ReadonlySet<string>;
}

export function randomFunction(choices: readonly number[]): RandomFunction {
  const writer = new Writer(new Choices(choices));
  const source = writer.fn(true).slice(1, -1);
  return { source, free: writer.free };
}
