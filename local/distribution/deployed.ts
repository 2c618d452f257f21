import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { StartError } from '../errors.ts';
import { bucketDeployment } from '../template/kinds-edge.ts';
import type { Model } from '../template/model.ts';

/** A file as its bucket would hold it. */
export interface Deployed {
  /** Read when it is asked for: from the assembly's own folder. */
  read: () => Buffer;
  type: string;
  cacheControl: string | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * What CDK's bucket deployments put into each bucket, by bucket and key; a later deployment writes over an earlier one.
 * @throws StartError when a source is no folder of the assembly
 */
export function deployedFiles(model: Model): Map<string, Map<string, Deployed>> {
  const buckets = new Map<string, Map<string, Deployed>>();
  for (const { id, properties, asset } of model.all(bucketDeployment)) {
    const files = buckets.get(properties.DestinationBucketName) ?? new Map<string, Deployed>();
    buckets.set(properties.DestinationBucketName, files);
    const prefix = properties.DestinationBucketKeyPrefix.replace(/^\/|\/$/g, '');
    for (const [place, key] of properties.SourceObjectKeys.entries()) {
      const folder = asset(key);
      if (folder === undefined || !statSync(folder).isDirectory())
        throw new StartError(`Resource ${id}: source ${key} is no folder of the assembly.`);
      const markers = Object.entries(properties.SourceMarkers[place] ?? {});
      const asJson = properties.SourceMarkersConfig[place]?.jsonEscape === true;
      for (const path of globSync('**/*', { cwd: folder })) {
        const file = join(folder, path);
        if (!statSync(file).isFile()) continue;
        files.set([prefix, ...path.split('/')].filter((part) => part !== '').join('/'), {
          read: () =>
            markers.length === 0
              ? readFileSync(file)
              : Buffer.from(filled(readFileSync(file, 'utf8'), markers, asJson)),
          type: properties.SystemMetadata['content-type'] ?? TYPES[extname(path)] ?? 'application/octet-stream',
          cacheControl: properties.SystemMetadata['cache-control'],
        });
      }
    }
  }
  return buckets;
}

function filled(text: string, markers: readonly (readonly [string, string])[], asJson: boolean): string {
  return markers.reduce(
    (all, [marker, value]) => all.replaceAll(marker, asJson ? JSON.stringify(value).slice(1, -1) : value),
    text,
  );
}
