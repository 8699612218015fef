import type { Host } from '../../base/index.js';
import { KeptFile } from './kept-file.js';
import { type ProcessIo, type ProcessMemory, parseProcessIo, parseStatusMemory } from './process-files.js';
import type { ProcessHandle } from './process-reader.js';
import type { TrackedProcess } from './tracked-process.js';

const NONE: ProcessIo = { readBytes: 0, writtenBytes: 0 };

/** A process of a followed tree, with its I/O since it was followed. */
export class Member {
  readonly process: TrackedProcess;
  readonly handle: ProcessHandle;
  /** Ended, and not yet waited for. */
  isZombie = false;
  /** The main thread's run time at the last full reading: while it stands, a process of one thread has done nothing. */
  run: number | undefined;
  /** Whether memory and I/O may have changed since they were last read. */
  isStale = true;
  #memory: ProcessMemory | undefined;
  readonly #ioFile: KeptFile;
  readonly #statusFile: KeptFile;
  #before: ProcessIo | undefined;
  #now: ProcessIo | undefined;

  /** One that `isNew` counts from its start, another from its first reading. */
  constructor(host: Host, process: TrackedProcess, handle: ProcessHandle, isNew: boolean) {
    const file = (name: string): KeptFile => new KeptFile(host.proc(String(process.pid), name));
    this.#ioFile = file('io');
    this.#statusFile = file('status');
    this.process = process;
    this.handle = handle;
    this.#before = isNew ? NONE : undefined;
  }

  /** I/O since it was followed, that of children it waited for included; absent when it could not be read. */
  get io(): ProcessIo | undefined {
    if (this.#before === undefined || this.#now === undefined) return undefined;
    return {
      readBytes: Math.max(0, this.#now.readBytes - this.#before.readBytes),
      writtenBytes: Math.max(0, this.#now.writtenBytes - this.#before.writtenBytes),
    };
  }

  /** Whether Wattloop may not read the process's I/O; one that merely ended hands it to its parent. */
  get ioIsDenied(): boolean {
    return this.#ioFile.denied;
  }

  refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    const io = this.#ioFile.text();
    const status = this.#statusFile.text();
    this.#now = (io === undefined ? undefined : parseProcessIo(io)) ?? this.#now;
    this.#before ??= this.#now;
    this.#memory = status === undefined ? undefined : parseStatusMemory(status);
  }

  get memory(): ProcessMemory | undefined {
    return this.#memory;
  }

  /** The kernel adds a child's I/O to that of the parent that waits for it: all of it, so take out what was before. */
  inheritIo(child: Member): void {
    if (this.#before === undefined || child.#before === undefined) return;
    this.#before = {
      readBytes: this.#before.readBytes + child.#before.readBytes,
      writtenBytes: this.#before.writtenBytes + child.#before.writtenBytes,
    };
  }

  close(): void {
    this.#ioFile.close();
    this.#statusFile.close();
  }
}

/** Memory of processes together: what they may share is counted once, as the largest of them has it. */
export function togetherMib(memories: readonly ProcessMemory[]): number | undefined {
  if (memories.length === 0) return undefined;
  const own = memories.reduce((sum, { residentMib, sharedMib }) => sum + residentMib - sharedMib, 0);
  const together = own + Math.max(...memories.map(({ sharedMib }) => sharedMib));
  // A peak between two readings is seen for each process alone.
  return Math.max(together, ...memories.map(({ peakMib }) => peakMib));
}
