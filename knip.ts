import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: ['src/*/index.ts', 'src/cli/main.ts', 'scripts/*.js', 'bench/*.ts', 'examples/**/*.{js,ts}'],
  project: ['src/**/*.ts', 'scripts/**/*.js', 'test/**/*.ts', 'bench/**/*.ts'],
  // For the kernel programs and their tests, from the system.
  ignoreBinaries: ['clang', 'llvm-strip', 'bpftool'],
  // Used by dependency-cruiser to read TypeScript.
  ignoreDependencies: ['@swc/core'],
};

export default config;
