import { existsSync, readFileSync } from 'node:fs';

/**
 * The changelog's section of a version, for its release. Fails when the version is not the package's, has no section, or when what later releases
 * are compared with was not recorded: the tasks' inputs and the data stack's template.
 */
const [version = ''] = process.argv.slice(2);
const missing = [
  ...(JSON.parse(readFileSync('package.json', 'utf8')).version === version ? [] : [`package.json is not ${version}`]),
  ...[`test/contracts/${version}/tasks.json`, `test/infra/releases/${version}/data.template.json`].flatMap((file) =>
    existsSync(file) ? [] : [`${file} is not recorded`],
  ),
];
const section = readFileSync('CHANGELOG.md', 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith(`${version}\n`) || part.startsWith(`${version} `));
if (section === undefined) missing.push(`CHANGELOG.md has no section ${version}`);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exitCode = 1;
} else console.log(section?.split('\n').slice(1).join('\n').trim());
