import { minute } from './format.ts';

/** The chain of a case or claim, the newest link first, each with the beginning of its hash. `word` says what kind of event it was. */
export function Timeline({
  links,
  word,
}: {
  links: readonly { sequence: number; at: string; kind: string; hash: string }[];
  word: (kind: string) => string;
}) {
  return (
    <table className="plain">
      <tbody>
        {links.toReversed().map(({ sequence, at, kind, hash }) => (
          <tr key={sequence}>
            <td className="number right">{sequence}</td>
            <td className="number">{minute(at)}</td>
            <td>{word(kind)}</td>
            <td className="quiet number" title={hash}>
              {hash.slice(0, 12)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
