;;; registry-lsp-eglot.el --- How Eglot runs registry-lsp  -*- lexical-binding: t; -*-

;; Author: The registry-lsp developers
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; The part of registry-lsp.el that needs Eglot; it is loaded when that starts.

;;; Code:

(require 'eglot)
(require 'registry-lsp)

(defclass registry-lsp-eglot-server (eglot-lsp-server) ()
  :documentation "Our server.
It is told the user's own settings only.  `eglot-workspace-configuration' may
come from a file of the project, which could call itself trusted there.")

(defun registry-lsp-eglot-contact (&optional _interactive _project)
  "How Eglot reaches the server of this buffer."
  (let ((root (registry-lsp--root buffer-file-name)))
    (append (list 'registry-lsp-eglot-server)
            (registry-lsp--find root)
            (list :initializationOptions
                  (lambda (_server)
                    (or (registry-lsp--options root) (make-hash-table)))))))

(cl-defmethod jsonrpc-connection-send :around ((server registry-lsp-eglot-server) &rest message)
  "Send MESSAGE to SERVER, without settings that are the project's."
  (if (eq (plist-get message :method) :workspace/didChangeConfiguration)
      (apply #'cl-call-next-method server
             (plist-put (copy-sequence message) :params (list :settings (make-hash-table))))
    (cl-call-next-method)))

(cl-defmethod eglot-handle-request
  ((server registry-lsp-eglot-server) (_method (eql workspace/configuration)) &key items)
  "Answer SERVER with the user's settings, for each of ITEMS."
  (let ((settings (registry-lsp--options (project-root (eglot--project server)))))
    (vconcat (mapcar (lambda (_) (or settings (make-hash-table))) items))))

;;; Completion

(defun registry-lsp-eglot-completion-at-point ()
  "Complete as Eglot does, but all of the version or name at point.
Eglot completes the symbol there, and to most modes 18.2 is two of them, so that
what was typed would stand there twice."
  (with-syntax-table (registry-lsp--name-syntax)
    (eglot-completion-at-point)))

(defun registry-lsp-eglot--manage ()
  "Have our completion stand in for Eglot's in a buffer of our server."
  (if (and (eglot-managed-p)
           (cl-typep (eglot-current-server) 'registry-lsp-eglot-server))
      (setq-local completion-at-point-functions
                  (cl-substitute #'registry-lsp-eglot-completion-at-point
                                 #'eglot-completion-at-point completion-at-point-functions))
    (remove-hook 'completion-at-point-functions #'registry-lsp-eglot-completion-at-point t)))

(add-hook 'eglot-managed-mode-hook #'registry-lsp-eglot--manage)

;;; Pages

(defun registry-lsp-eglot-shows-pages-p ()
  "Whether Eglot itself opens pages for its servers."
  (let ((window (plist-get (eglot-client-capabilities (eglot-current-server)) :window)))
    (eq t (plist-get (plist-get window :showDocument) :support))))

(provide 'registry-lsp-eglot)
;;; registry-lsp-eglot.el ends here
