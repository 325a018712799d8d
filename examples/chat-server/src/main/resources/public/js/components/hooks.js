import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

export const ChatContext = createContext(null);

export const useChat = () => useContext(ChatContext);

/** A part of the state; the view is drawn again when the part is another value. */
export function useSelect(select) {
  const { store } = useChat();
  const [, redraw] = useReducer((n) => n + 1, 0);
  const value = select(store.state);
  const latest = useRef();
  latest.current = { select, value };
  useLayoutEffect(() => {
    const check = () => {
      if (changed(latest.current, store.state)) redraw();
    };
    check(); // the store may have changed between drawing and subscribing
    return store.subscribe(check);
  }, [store]);
  return value;
}

/**
 * The view may be about to go, together with what it selects from; then its question has no answer any more. It is drawn again,
 * or, because its parents are drawn before it, it is not.
 */
function changed({ select, value }, state) {
  try {
    return !Object.is(select(state), value);
  } catch {
    return true;
  }
}

/** Form work in progress: { busy, error, run(action) }; an error is shown where the form is. */
export function useSubmit() {
  const [state, setState] = useState({ busy: false, error: null });
  const gone = useRef(false);
  useEffect(() => () => (gone.current = true), []);
  const run = async (action) => {
    setState({ busy: true, error: null });
    try {
      await action();
      if (!gone.current) setState({ busy: false, error: null });
    } catch (error) {
      if (!gone.current) setState({ busy: false, error: error.message });
    }
  };
  return { ...state, run };
}

/** Closes a menu on Escape, with the focus back on its button, or on a press outside of it. */
export function useDismiss(ref, open, close) {
  useEffect(() => {
    if (!open) return undefined;
    const onKey = (event) => {
      if (event.key !== 'Escape') return;
      event.stopImmediatePropagation(); // a drawer around the menu stays
      ref.current?.querySelector('[aria-expanded]')?.focus();
      close();
    };
    const onPress = (event) => !ref.current?.contains(event.target) && close();
    addEventListener('keydown', onKey, true);
    addEventListener('pointerdown', onPress);
    return () => {
      removeEventListener('keydown', onKey, true);
      removeEventListener('pointerdown', onPress);
    };
  }, [open]);
}
