import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Image, Upload } from 'antd';
import type { EvidenceOf } from '../../functions/contracts/assistance/evidence-http.ts';
import { MOST_PHOTOGRAPHS } from '../../functions/contracts/assistance/evidence-http.ts';
import { call, mayCall, read } from '../api/client.ts';
import { useMe } from '../app/me.ts';
import { sha256Of, shrunk, unreadable } from '../app/photograph.ts';
import { useWords } from '../words/language.tsx';
import { day } from './format.ts';
import { useProblem } from './problem.ts';

/** Their addresses are good for a minute: they are asked for anew when somebody looks again, but not because a fresh one fails: the next would too. */
const FRESH = { staleTime: 50_000, gcTime: 50_000 };

/** The photographs of a visit or a measure, among all of the household's, which are asked for once. */
export function HouseholdPhotographs({ household, of }: { household: string; of: EvidenceOf }) {
  const all = useQuery({ ...read('listEvidence', { params: { id: household } }), ...FRESH });
  const shown = all.data?.items.filter((one) => isSame(one.of, of));
  return <Photographs of={of} shown={shown} again={() => void (all.isStale && all.refetch())} />;
}

/** The photographs of an entry of the ledger. */
export function EntryPhotographs({ of }: { of: Extract<EvidenceOf, { kind: 'entry' }> }) {
  const { entry: id, region } = of;
  const all = useQuery({ ...read('listEntryEvidence', { params: { id }, query: { region } }), ...FRESH });
  return <Photographs of={of} shown={all.data?.items} again={() => void (all.isStale && all.refetch())} />;
}

function Photographs(props: {
  of: EvidenceOf;
  shown: readonly { id: string; url: string; receivedAt: string; by: string }[] | undefined;
  again: () => void;
}) {
  const { of, shown = [], again } = props;
  const { w } = useWords();
  return (
    <div className="photographs">
      <Image.PreviewGroup>
        {shown.map(({ id, url, receivedAt, by }) => (
          <Image key={id} src={url} alt={`${w.photograph} ${day(receivedAt)} ${by}`} height={84} onError={again} />
        ))}
      </Image.PreviewGroup>
      {shown.length < MOST_PHOTOGRAPHS ? <AddPhotograph of={of} /> : null}
    </div>
  );
}

/** Shrunk here as on a phone, put straight into the bucket, then confirmed. */
function AddPhotograph({ of }: { of: EvidenceOf }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: async (file: File) => {
      const bytes = await shrunk(file).catch(() => undefined);
      if (bytes === undefined) return (await unreadable(file)) === 'heic' ? w.pictureIsHeic : w.notAPicture;
      const body = { of, type: 'image/jpeg' as const, bytes: bytes.length, sha256: await sha256Of(bytes) };
      const { evidence, known, url, headers = {} } = await call('announceEvidence', { body });
      if (known || url === undefined) return undefined;
      const stored = await fetch(url, { method: 'PUT', headers, body: bytes });
      if (!stored.ok) throw new Error(`The bucket answered ${stored.status}.`);
      await call('confirmEvidence', { params: { id: evidence }, body });
      return undefined;
    },
    onSuccess: (fault) => {
      void (fault === undefined ? message.success(w.done) : message.error(fault));
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'listEvidence' || queryKey[0] === 'listEntryEvidence',
      });
    },
    onError: problem,
  });
  if (!mayCall(me, 'announceEvidence') || (me.role === 'surveyor' && of.kind !== 'visit')) return null;
  return (
    <Upload
      className="no-print"
      accept="image/*"
      showUploadList={false}
      beforeUpload={(file) => {
        add.mutate(file);
        return false;
      }}
    >
      <Button size="small" loading={add.isPending}>
        {w.addPhotograph}
      </Button>
    </Upload>
  );
}

function isSame(one: EvidenceOf, other: EvidenceOf): boolean {
  if (one.kind === 'visit' && other.kind === 'visit') return one.visit === other.visit;
  if (one.kind === 'measure' && other.kind === 'measure') return one.measure === other.measure;
  return false;
}
