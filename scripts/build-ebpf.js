// Compiles ebpf/*.bpf.c into the objects beside them and records what they were made of: npm run build:ebpf
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksums, compile, EBPF_FOLDER, RECORD, tools } from './ebpf-compiler.js';

const used = tools();
if (used === undefined) {
  process.stderr.write(
    "build:ebpf: clang or libbpf's headers are missing; install it: apt install clang llvm libbpf-dev\n",
  );
  process.exit(1);
}
compile(EBPF_FOLDER, EBPF_FOLDER);
const build = { ...used, ...checksums(EBPF_FOLDER, EBPF_FOLDER) };
writeFileSync(join(EBPF_FOLDER, RECORD), `${JSON.stringify(build, null, 2)}\n`);
process.stdout.write(`build:ebpf: ${Object.keys(build.objects).join(', ')} by clang ${used.clang}\n`);
