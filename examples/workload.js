// A sample workload for the meter: burns CPU, allocates, writes a file and starts short-lived children.
// Run it under the meter: wattloop measure -- node examples/workload.js
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/** @param {number} milliseconds */
function burn(milliseconds) {
  const end = performance.now() + milliseconds;
  let digest = 'wattloop';
  let rounds = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 200; i++) digest = createHash('sha256').update(digest).digest('hex');
    rounds += 200;
  }
  return `${rounds} hashes`;
}

/** @param {number} mebibytes */
function allocate(mebibytes) {
  const blocks = Array.from({ length: mebibytes }, (_, index) => Buffer.alloc(MIB, index & 255));
  const sum = blocks.reduce((total, block) => total + (block[MIB - 1] ?? 0), 0);
  return `${mebibytes} MiB, checksum ${sum}`;
}

/** @param {number} mebibytes */
function write(mebibytes) {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-workload-'));
  try {
    const file = join(folder, 'data');
    writeFileSync(file, Buffer.alloc(mebibytes * MIB, 'wattloop'), { flush: true });
    return `${statSync(file).size / MIB} MiB`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {number} count */
function children(count) {
  // Each lives for a few milliseconds: sampling once a second would see none of them.
  for (let i = 0; i < count; i++)
    execFileSync('/bin/sh', ['-c', 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done']);
  return `${count} processes`;
}

console.log(`burnt CPU:       ${burn(1500)}`);
console.log(`allocated:       ${allocate(256)}`);
console.log(`wrote a file:    ${write(32)}`);
console.log(`short children:  ${children(100)}`);
