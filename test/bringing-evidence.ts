import { createHash } from 'node:crypto';
import type { Answer, As, TestStack } from './stack.ts';

/** An invented photograph: no more than the beginning of one. */
const PHOTOGRAPH = Buffer.from('\u00ff\u00d8\u00ff invented photograph', 'latin1');

/** A photograph as a phone announces it. */
export function photograph(of: object, bytes = PHOTOGRAPH) {
  return { of, type: 'image/jpeg', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** Announces a photograph, puts it into the bucket and confirms it, as a phone does. @returns the last answer */
export async function bring(stack: TestStack, as: As, of: object, bytes = PHOTOGRAPH): Promise<Answer> {
  const announced = photograph(of, bytes);
  const { status, body } = await stack.post('/v1/evidence', as, announced);
  if (status !== 201) return { status, body };
  const put = await fetch(body.url, { method: 'PUT', headers: body.headers, body: new Uint8Array(bytes) });
  if (put.status !== 200) throw new Error(`The upload was answered ${put.status}.`);
  return await stack.post(`/v1/evidence/${body.evidence}`, as, announced);
}
