import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name)),
];
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe('the documentation', () => {
  it('links only to pages that are there', () => {
    const broken = PAGES.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
        .map(([, target = '']) => join(dirname(page), target))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('shows TypeScript that compiles against the package', () => {
    // Below the package, so that it may import itself by its name as a user does.
    mkdirSync(join(ROOT, '.bench'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, '.bench', 'docs-'));
    try {
      let count = 0;
      for (const page of PAGES) {
        for (const [, code = ''] of read(page).matchAll(/```ts\n([\s\S]*?)```/g)) {
          writeFileSync(join(folder, `${page.replace(/\W/g, '-')}-${count++}.ts`), code);
        }
      }
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }),
      );
      expect(count).toBeGreaterThan(0);
      execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
