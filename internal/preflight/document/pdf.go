package document

func inspectPDF(_ Content, _ *Result) {}
