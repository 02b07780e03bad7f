/**
 * A small editor: a text area with the numbers of its lines beside it. Tab indents, and so would hold whoever goes by keyboard:
 * after Escape it moves on, as it does in Shift+Tab.
 */
import { useId, useRef } from "preact/hooks";

export interface EditorProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** Lines with a finding, by its level. */
  marked: ReadonlyMap<number, "error" | "warning">;
  /** Given once, for going to a line. */
  onReady: (goTo: (line: number) => void) => void;
}

const INDENT = "  ";

export function Editor({ label, value, onInput, marked, onReady }: EditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement | null>(null);
  const numbers = useRef<HTMLOListElement>(null);
  /** Whether the next Tab moves on. */
  const leaving = useRef(false);
  const lines = value.split("\n").length;
  const take = (element: HTMLTextAreaElement | null) => {
    area.current = element;
    if (element) onReady((line) => goTo(element, line));
  };
  return (
    <div class="editor">
      <label class="control-label" for={id}>
        {label}
      </label>
      <div class="editor-frame">
        <ol class="editor-numbers" aria-hidden="true" ref={numbers}>
          {Array.from({ length: lines }, (_, i) => (
            <li key={i + 1} class={marked.get(i + 1)}>
              {i + 1}
            </li>
          ))}
        </ol>
        <textarea
          id={id}
          ref={take}
          class="editor-text"
          rows={Math.min(Math.max(lines + 1, 12), 30)}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-describedby={`${id}-keys`}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onBlur={() => {
            leaving.current = false;
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") leaving.current = true;
            else if (event.key !== "Tab" && event.key !== "Shift") leaving.current = false;
            if (event.key !== "Tab" || event.shiftKey || leaving.current || event.altKey || event.ctrlKey) return;
            event.preventDefault();
            const { selectionStart, selectionEnd } = event.currentTarget;
            event.currentTarget.setRangeText(INDENT, selectionStart, selectionEnd, "end");
            onInput(event.currentTarget.value);
          }}
        />
      </div>
      <p id={`${id}-keys`} class="small editor-keys">
        Tab indents; press Escape first to move on with it.
      </p>
    </div>
  );
}

/** Selects the line and puts it in sight. */
function goTo(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = area.scrollHeight / Math.max(lines.length, 1);
  area.scrollTop = Math.max(0, (line - 4) * height);
}
