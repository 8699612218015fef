import type * as Esbuild from 'esbuild';

let underWay = 0;

/** Works with the bundler, whose process starts when it is first needed, and stays. */
export async function withBundler<T>(work: (bundler: typeof Esbuild) => Promise<T>): Promise<T> {
  underWay++;
  try {
    return await work(await import('esbuild'));
  } finally {
    underWay--;
  }
}

/** Ends the bundler's process if nobody works with it; it starts again when it is needed. */
export async function restBundler(): Promise<void> {
  const { stop } = await import('esbuild');
  if (underWay === 0) await stop();
}
