import time
from tests.security.company import ACTORS, SCENES
from tests.security.calls import routes, sides_of, body_of
from tests.security.conftest import *
def test_dump(staged, app):
    out={}
    t0=time.time(); n=0
    for scene in SCENES:
        t=time.time()
        with staged(scene) as st:
            print(scene,'build',time.time()-t)
            for method,path in routes(app):
                for side in sides_of(path):
                    ids=st.ids[side]
                    row=[]
                    for a in ACTORS:
                        r=st.ask(a,method,path.format(**ids),**body_of(method,path,ids)); n+=1
                        row.append(str(r.status_code)+('>' +r.headers['location'][:8] if r.status_code==303 else ''))
                    out.setdefault((method,path,side),{})[scene]=row
    print(n,time.time()-t0)
    for k,v in out.items():
        rows=list(v.items())
        for s,row in rows: print(*k,s,*row)
