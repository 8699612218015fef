import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ErrorCode, WattloopError } from '../../base/index.js';

/** The compiled kernel programs; from `src` and from `dist` they are as far away. */
export function objectFile(name: string): string {
  const path = fileURLToPath(new URL(`../../../ebpf/${name}.bpf.o`, import.meta.url));
  if (existsSync(path)) return path;
  throw new WattloopError(ErrorCode.sourceUnavailable, `the compiled kernel programs are missing: ${path}`, {
    remedy: 'Install the package again; in a checkout: npm run build:ebpf (needs clang, llvm and libbpf-dev)',
  });
}
