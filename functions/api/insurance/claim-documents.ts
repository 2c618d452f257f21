import type { ClaimDocument } from '../../contracts/insurance/claim.ts';
import { Problem } from '../../contracts/problems.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { missingOf } from '../../domain/insurance/claim-change.ts';
import { missingView } from '../../domain/insurance/claim-labels.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { retryOnConflict } from '../../store/conflicts.ts';
import { documentKeys, READING_SECONDS, readingAddress, UPLOAD_SECONDS, uploadAddress } from '../../store/documents.ts';
import { contentIdOf } from '../../store/ids.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import { endTurn } from '../../store/insurance/settlements.ts';
import { takeIn } from '../received.ts';
import { claimDocumentRoutes } from '../routes/insurance.ts';
import { claimWithin } from './claims/within.ts';

type Announced = Pick<ClaimDocument, 'kind' | 'type' | 'bytes'> & { name: string };

/** The same paper announced again is the same document: a photograph sent twice over a bad line lies there once. */
function documentIdOf(claim: string, { kind, type, bytes, name }: Announced): string {
  return contentIdOf('doc', [claim, kind, type, bytes, name]);
}

const uploadDocument: Operation<typeof claimDocumentRoutes.uploadDocument> = async ({ caller, params, body, now }) => {
  const { claim } = await claimWithin(params.id, caller);
  const id = documentIdOf(claim.id, body);
  const address = await uploadAddress(documentKeys.paper(claim.id, id), { type: body.type, bytes: body.bytes }, now);
  return { status: 201, body: { document: id, ...address, expiresInSeconds: UPLOAD_SECONDS } };
};

/** A document counts once it lies in the bucket as it was announced; the last one asked for sets the clock going again. */
const confirmDocument: Operation<typeof claimDocumentRoutes.confirmDocument> = async ({
  caller,
  params,
  body,
  now,
}) => {
  return await retryOnConflict(async () => {
    const { claim, policy, product } = await claimWithin(params.id, caller);
    const { kind, type, bytes } = body;
    const document: ClaimDocument = {
      id: params.document,
      kind,
      type,
      bytes,
      receivedAt: new Date(now).toISOString(),
      by: caller.sub,
    };
    if (documentIdOf(claim.id, body) !== params.document) throw new Problem('document-not-uploaded');
    await takeIn(documentKeys.paper(claim.id, document.id), document, now);
    const moved = moveClaim(claim, { move: 'document-received', document }, now);
    if (moved.after === undefined) throw new Problem(moved.refusal);
    const written = moved.events.length === 0 ? claim : await changeClaim(claim, moved, { policy, product, now });
    if (written.turn !== claim.turn) await endTurn(claim, caller.sub, now);
    return {
      status: 200,
      body: { document: params.document, missing: missingView(missingOf(written)), stage: written.stage },
    };
  });
};

const readDocument: Operation<typeof claimDocumentRoutes.readDocument> = async ({ caller, params, now }) => {
  const { claim } = await claimWithin(params.id, caller);
  const document = claim.documents.find(({ id }) => id === params.document);
  if (document === undefined) throw new Problem('not-found');
  const url = await readingAddress(documentKeys.paper(document.of ?? claim.id, document.id), now);
  return { status: 200, body: { document: document.id, type: document.type, url, expiresInSeconds: READING_SECONDS } };
};

export const handler = httpHandler(claimDocumentRoutes, { uploadDocument, confirmDocument, readDocument });
