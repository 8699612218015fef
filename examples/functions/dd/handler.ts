import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { copyFile } from './copy-file.js';

/** Writes and reads a file of so many MiB. */
export default answering(async (event) => {
  const mib = amount(event, 'mib', { usual: 8, least: 1, most: 1024 });
  const blockKib = amount(event, 'block_kib', { usual: 1024, least: 1, most: 1024 });
  const { bytesWritten, bytesRead, sum } = await copyFile(
    Math.ceil((mib * 1024) / blockKib),
    blockKib * 1024,
  );
  return { bytes_written: bytesWritten, bytes_read: bytesRead, sum, operations: bytesWritten + bytesRead };
});
