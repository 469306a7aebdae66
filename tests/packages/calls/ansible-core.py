import os
from pathlib import Path

os.environ.update(ANSIBLE_LOCAL_TEMP="local", ANSIBLE_REMOTE_TEMP=str(Path("remote").resolve()), ANSIBLE_NOCOLOR="1", ANSIBLE_LOCALHOST_WARNING="0", LC_ALL="C.UTF-8")
Path("play.yml").write_text("""\
- hosts: localhost
  gather_facts: false
  tasks:
  - ansible.builtin.copy: {dest: "{{ playbook_dir }}/copied.txt", content: "{{ 'text' | upper | to_nice_yaml }}"}
  - ansible.builtin.command: cat {{ playbook_dir }}/copied.txt
    register: said
  - debug: var=said.stdout
""")
from ansible.cli.playbook import main  # noqa: E402

try:
    main(["ansible-playbook", "-c", "local", "play.yml"])
finally:
    print(Path("copied.txt").exists())
