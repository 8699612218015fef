import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/*/index.ts',
    'src/cli/main.ts',
    // Programs and modules that are started or imported by their paths.
    'src/compute/worker/main.ts',
    'src/gateway/account/process/main.ts',
    'src/compute/function-host/main.ts',
    'src/gateway/async/store/thread.ts',
    'src/workflow/*/handler.ts',
    'scripts/*.js',
    'bench/*.ts',
    'bench/workflows/*.ts',
    'bench/support/no-op-worker.ts',
    'bench/support/quick-server.ts',
    'bench/support/echo-server.ts',
    'bench/support/bare-proxy.ts',
    'examples/**/*.{js,ts}',
  ],
  project: ['src/**/*.ts', 'scripts/**/*.js', 'test/**/*.ts', 'bench/**/*.ts'],
  // Compilers of the kernel programs, and real parts that tests start where a machine has them.
  ignoreBinaries: [
    'clang',
    'dd',
    'bpftool',
    'promtool',
    'mkfifo',
    'mount',
    'umount',
    'openssl',
    'socat',
    'ipmi_sim',
    'dockerd',
  ],
  // Used by dependency-cruiser to read TypeScript; servers that tests of storage start as processes.
  ignoreDependencies: ['@swc/core', 'azurite', 's3rver'],
};

export default config;
