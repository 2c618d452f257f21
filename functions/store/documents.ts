import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** A file as it was announced. With a `sha256` (base64) S3 itself takes no other bytes. */
interface Announced {
  type: string;
  bytes: number;
  sha256?: string;
}

/** How long a village worker has for an upload over a bad line, seconds. */
export const UPLOAD_SECONDS = 900;

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set.`);
  return value;
}

/** Where the bucket answers: AWS's own address, or the endpoint all services of this function have (path style). */
function placeOf(key: string): { protocol: string; hostname: string; port?: number; path: string } {
  const [bucket, region, endpoint] = [
    setting('DOCUMENTS_BUCKET'),
    setting('AWS_REGION'),
    process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'],
  ];
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const { protocol, hostname, port, pathname } = new URL(
    endpoint === undefined ? `https://${bucket}.s3.${region}.${suffix}` : `${endpoint}/${bucket}`,
  );
  const path = `${pathname === '/' ? '' : pathname}/${key}`;
  return { protocol, hostname, path, ...(port === '' ? {} : { port: Number(port) }) };
}

/** The signer alone, without a client of S3: a fifth of the presigner's size, and nothing else of S3 is called here. */
async function presigned(
  method: 'PUT' | 'HEAD' | 'GET',
  key: string,
  signed: Record<string, string>,
  seconds: number,
  now: number,
): Promise<string> {
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  const credentials = {
    accessKeyId: setting('AWS_ACCESS_KEY_ID'),
    secretAccessKey: setting('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const signer = new SignatureV4({
    service: 's3',
    region: setting('AWS_REGION'),
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const place = placeOf(key);
  const host = place.port === undefined ? place.hostname : `${place.hostname}:${place.port}`;
  const request = await signer.presign(
    // The bytes are not there yet: S3 has a name for that, and the signer takes it from this header into the address.
    { method, ...place, headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...signed }, query: {} },
    {
      expiresIn: seconds,
      signingDate: new Date(now),
      unhoistableHeaders: new Set(Object.keys(signed)),
      signableHeaders: new Set(['host', ...Object.keys(signed)]),
    },
  );
  const query = Object.entries(request.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${place.protocol}//${host}${place.path}?${query.join('&')}`;
}

/** Where the papers of claims and the photographs of evidence lie: each kind in a folder of its own, so that a function is let into one only. */
export const documentKeys = {
  paper: (claim: string, id: string): string => `claims/${claim}/${id}`,
  /** @param place the household, or of a ledger entry the region */
  evidence: (place: string, id: string): string => `evidence/${place}/${id}`,
};

/** An address that takes this one file: its type and its number of bytes are signed, so that nothing else and nothing larger is let in. */
export async function uploadAddress(
  key: string,
  { type, bytes, sha256 }: Announced,
  now: number,
): Promise<{ url: string; headers: Record<string, string> }> {
  const headers = {
    'content-type': type,
    'content-length': String(bytes),
    ...(sha256 === undefined ? {} : { 'x-amz-checksum-sha256': sha256 }),
  };
  return { url: await presigned('PUT', key, headers, UPLOAD_SECONDS, now), headers };
}

/** How long somebody may take to open a paper, seconds: an address that is passed on is soon good for nothing. */
export const READING_SECONDS = 60;

/** An address at which this one file can be looked at, for a minute. */
export async function readingAddress(key: string, now: number): Promise<string> {
  return await presigned('GET', key, {}, READING_SECONDS, now);
}

/** S3 did not answer. */
class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
}

/** Whether the file lies there as it was announced. @throws DocumentsUnavailable */
export async function isUploaded(key: string, { type, bytes }: Announced, now: number): Promise<boolean> {
  const { status, headers } = await fetch(await presigned('HEAD', key, {}, 60, now), { method: 'HEAD' });
  if (status >= 500) throw new DocumentsUnavailable(`S3 answered ${status}.`);
  // Without the right to list, what is not there is answered 403.
  return status === 200 && headers.get('content-type') === type && headers.get('content-length') === String(bytes);
}
