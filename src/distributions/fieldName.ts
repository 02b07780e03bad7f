/** Names of a Dict's fields where they are joined by dots, so that a field "a.b" and the field "b" of a Dict "a" differ. */

/** The field's name with its own dots, and what marks them, behind a backslash. */
export function fieldName(field: string): string {
  return field.replace(/[\\.]/g, "\\$&");
}
