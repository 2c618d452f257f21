import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { Refused } from '../api/client.ts';
import { useWords } from '../words/language.tsx';
import { problemSentence } from '../words/problems.ts';

/**
 * Tells, in a sentence, why something was not done. After a conflict, and after an answer that was lost, what the screens show may no longer be so:
 * it is read anew.
 */
export function useProblem(): (error: unknown) => void {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  return (error) => {
    void message.error(error instanceof Refused ? problemSentence(error, language) : w.errorNetwork, 6);
    if (!(error instanceof Refused) || error.status === 409 || error.status === 412) void client.invalidateQueries();
  };
}
