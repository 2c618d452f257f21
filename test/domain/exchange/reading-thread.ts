import { parentPort } from 'node:worker_threads';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { Problem } from '../../../functions/contracts/problems.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

/**
 * Reads one file after the other as the exchange does, and tells what each came to and how much of a processor it took: what else runs on the
 * machine is not the reader's time.
 */
parentPort?.on('message', (bytes: Uint8Array) => {
  const started = process.threadCpuUsage();
  const code = codeOf(bytes);
  const { user, system } = process.threadCpuUsage(started);
  parentPort?.postMessage({ code, milliseconds: (user + system) / 1000 });
});

function codeOf(bytes: Uint8Array): string {
  try {
    for (const sheet of readWorkbook(bytes)) readTable(kinds.households, sheet);
    return 'read';
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}
