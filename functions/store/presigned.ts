import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** @throws Error when the deployment did not set it */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set.`);
  return value;
}

/** Where the bucket answers: AWS's own address, or the endpoint all services of this function have (path style). */
function placeOf(bucket: string, key: string): { protocol: string; hostname: string; port?: number; path: string } {
  const [region, endpoint] = [
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

/** A request to S3 before it is signed. */
interface Request {
  bucket: string;
  method: 'PUT' | 'HEAD' | 'GET' | 'DELETE';
  /** The object's name; empty for the bucket itself. */
  key: string;
  /** Headers that must come with it as they are here. */
  signed?: Record<string, string>;
  query?: Record<string, string>;
}

/**
 * An address for one request. The signer alone, without a client of S3: a fifth of the presigner's size, and nothing else of S3 is called here.
 * @param seconds how long it is good for, from `now` on; ms since 1970
 */
export async function presignedAt(
  { bucket, method, key, signed = {}, query = {} }: Request,
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
  const place = placeOf(bucket, key);
  const host = place.port === undefined ? place.hostname : `${place.hostname}:${place.port}`;
  const request = await signer.presign(
    // The bytes are not there yet: S3 has a name for that, and the signer takes it from this header into the address.
    { method, ...place, headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...signed }, query },
    {
      expiresIn: seconds,
      signingDate: new Date(now),
      unhoistableHeaders: new Set(Object.keys(signed)),
      signableHeaders: new Set(['host', ...Object.keys(signed)]),
    },
  );
  const signedQuery = Object.entries(request.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${place.protocol}//${host}${place.path}?${signedQuery.join('&')}`;
}
