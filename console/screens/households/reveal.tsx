import { useMutation } from '@tanstack/react-query';
import { Typography } from 'antd';
import { call } from '../../api/client.ts';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import { Reasoned } from './reasoned.tsx';

/** A number in full; what was shown is forgotten with the dialog. */
export function Reveal({ id, asked, close }: { id: string; asked: string; close: () => void }) {
  const { w } = useWords();
  const problem = useProblem();
  const show = useMutation({
    mutationFn: (reason: string) =>
      call('revealHousehold', {
        params: { id },
        body: asked === 'phone' ? { field: 'phone', reason } : { field: 'idNumber', person: asked, reason },
      }),
    onError: problem,
    gcTime: 0,
  });
  return (
    <Reasoned
      title={asked === 'phone' ? w.revealPhone : w.revealNumber}
      okText={w.reveal}
      done={show.data !== undefined}
      pending={show.isPending}
      act={(reason) => show.mutate(reason)}
      close={close}
    >
      {show.data === undefined ? null : (
        <Typography.Title level={4} copyable style={{ marginTop: 12 }}>
          {show.data.value}
        </Typography.Title>
      )}
    </Reasoned>
  );
}
