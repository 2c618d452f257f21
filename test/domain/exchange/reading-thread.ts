import { parentPort } from 'node:worker_threads';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { Problem } from '../../../functions/contracts/problems.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

/** Reads one file after the other as the exchange does, and tells what each came to. */
parentPort?.on('message', (bytes: Uint8Array) => parentPort?.postMessage(codeOf(bytes)));

function codeOf(bytes: Uint8Array): string {
  try {
    for (const sheet of readWorkbook(bytes)) readTable(kinds.households, sheet);
    return 'read';
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}
