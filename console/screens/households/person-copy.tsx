import { useMutation } from '@tanstack/react-query';
import { Typography } from 'antd';
import { call } from '../../api/client.ts';
import { save } from '../../ui/download.ts';
import { useProblem } from '../../ui/problem.ts';
import { fill, useWords } from '../../words/language.tsx';
import { Reasoned } from './reasoned.tsx';

/** Everything that is kept about one member, as a file to hand to them (PIPL article 45); nothing of it stays in the console. */
export function PersonCopy({
  household,
  person,
  name,
  close,
}: {
  household: string;
  person: string;
  name: string;
  close: () => void;
}) {
  const { w } = useWords();
  const problem = useProblem();
  const copy = useMutation({
    mutationFn: async (reason: string) => {
      const found = await call('exportPerson', { params: { id: person }, body: { household, reason } });
      save(new Blob([JSON.stringify(found, undefined, 2)], { type: 'application/json' }), `${person}.json`);
    },
    onError: problem,
  });
  return (
    <Reasoned
      title={fill(w.personCopyOf, { name })}
      okText={w.personCopy}
      done={copy.isSuccess}
      pending={copy.isPending}
      act={(reason) => copy.mutate(reason)}
      close={close}
    >
      <Typography.Paragraph type="secondary" style={{ marginTop: 12, marginBottom: 0 }}>
        {copy.isSuccess ? w.personCopyMade : w.personCopyAbout}
      </Typography.Paragraph>
    </Reasoned>
  );
}
