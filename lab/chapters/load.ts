/** Chapters' code, each loaded when it is wanted. */
import type { ComponentType } from "preact";

const files = import.meta.glob<{ default: ComponentType }>("./*/Chapter.tsx");

export function hasChapter(folder: string): boolean {
  return `./${folder}/Chapter.tsx` in files;
}

export async function loadChapter(folder: string): Promise<ComponentType> {
  return (await files[`./${folder}/Chapter.tsx`]()).default;
}
