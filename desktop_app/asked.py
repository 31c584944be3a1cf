"""What the engine has been asked about a photo's preview, and whether it may finish while newer marks wait."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.document import Document, DocumentState, slow_part


@dataclass
class Asked:
    """One question that has no answer yet.

    state: what it was asked for. marks_alone: nothing but the marks is others than in what is shown.
    has_newer_marks: others have been painted over them since, and are asked for when it is answered.
    """

    job: int
    state: DocumentState
    marks_alone: bool
    has_newer_marks: bool = False

    def is_for(self, state: DocumentState) -> bool:
        """Its answer is that of `state` as well."""
        return slow_part(self.state) == slow_part(state)

    def may_finish(self, document: Document) -> bool:
        """The document's newer marks were laid over those that were asked for, so its answer is worth a look.

        What was undone or removed meanwhile is not: it would come back for a moment.
        """
        return self.marks_alone and document.state.marks is not None and document.was(self.state)
