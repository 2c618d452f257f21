import { App } from 'antd';
import { Refused } from '../api/client.ts';
import { useWords } from '../words/language.tsx';
import { problemSentence } from '../words/problems.ts';

/** Tells, in a sentence, why something was not done. */
export function useProblem(): (error: unknown) => void {
  const { w, language } = useWords();
  const { message } = App.useApp();
  return (error) => {
    void message.error(error instanceof Refused ? problemSentence(error, language) : w.errorNetwork, 6);
  };
}
