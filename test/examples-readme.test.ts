import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import mlPipeline from '../examples/ml-pipeline/workflow.js';
import titanic from '../examples/titanic/workflow.js';
import { parameterFromText } from '../src/workflow/index.js';
import { wattloop } from './support/wattloop.js';

const ROOT = join(import.meta.dirname, '..');
const WORKFLOWS = { titanic, 'ml-pipeline': mlPipeline };

/** The commands that a page tells to give: the indented lines that begin with the program. */
const commandsOf = (page: string): string[][] =>
  [...page.matchAll(/^ {4}wattloop (.+)$/gm)].map(([, line = '']) => line.trim().split(/\s+/));

const valuesOf = (words: readonly string[], option: string): string[] =>
  words.flatMap((word, index) => (words[index - 1] === option ? word : []));

describe.each(Object.entries(WORKFLOWS))('the page of %s', (name, workflow) => {
  const page = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8');
  const commands = commandsOf(page);

  it('tells commands and options that there are, with files that are there', {
    timeout: 60_000,
  }, async () => {
    expect(commands.length).toBeGreaterThan(2);
    const help = new Map<string, string>();
    for (const [command = '', file = '', ...words] of commands) {
      const text = help.get(command) ?? (await wattloop([command, '--help'])).stdout;
      help.set(command, text);
      expect(text).toContain(`Usage: wattloop ${command}`);
      expect(existsSync(join(ROOT, file)), file).toBe(true);
      for (const option of words.filter((word) => word.startsWith('--')))
        expect(text).toContain(`${option} `);
    }
  });

  it('tells parameters and stages that the workflow has', () => {
    for (const words of commands) {
      const given = valuesOf(words, '--param').map((text) => text.split('='));
      const built = workflow.build(
        Object.fromEntries(given.map(([key = '', value = '']) => [key, parameterFromText(value)])),
      );
      const stages = built.stages.map((stage) => stage.name);
      for (const stage of valuesOf(words, '--stage')) expect(stages).toContain(stage.split(':')[0]);
    }
    const table = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names = '']) =>
      names.replaceAll('`', '').split(', '),
    );
    expect(table.toSorted()).toEqual(Object.keys(workflow.parameters).toSorted());
  });

  it('links to files that are there', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(existsSync(join(ROOT, 'examples', name, link)), link).toBe(true);
  });
});
