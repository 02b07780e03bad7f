/** Pusher: an arm of seven joints over a table, a light cylinder to push and a mark to push it to; without gravity. */
export const pusherModel = `
<mujoco model="pusher">
  <compiler angle="radian"/>
  <option timestep="0.01" gravity="0 0 0" iterations="20"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" density="300" contype="0" conaffinity="0" condim="1" friction="0.8 0.1 0.1" margin="0.002"/>
    <default class="solid">
      <geom contype="1" conaffinity="1"/>
    </default>
    <joint type="hinge" limited="true" armature="0.04" damping="0.1"/>
    <default class="turn">
      <joint axis="1 0 0"/>
    </default>
    <default class="lift">
      <joint axis="0 1 0"/>
    </default>
    <default class="slide">
      <joint type="slide" range="-10.3213 10.3" damping="0.5"/>
    </default>
    <motor ctrllimited="true" ctrlrange="-2 2"/>
  </default>

  <worldbody>
    <geom name="table" class="solid" type="plane" pos="0 0.5 -0.325" size="1 1 0.1"/>

    <body name="r_shoulder_pan_link" pos="0 -0.6 0">
      <joint name="r_shoulder_pan_joint" axis="0 0 1" range="-2.2854 1.714602" damping="1"/>
      <geom name="e1" type="sphere" pos="-0.06 0.05 0.2" size="0.05"/>
      <geom name="e2" type="sphere" pos="0.06 0.05 0.2" size="0.05"/>
      <geom name="e1p" type="sphere" pos="-0.06 0.09 0.2" size="0.03"/>
      <geom name="e2p" type="sphere" pos="0.06 0.09 0.2" size="0.03"/>
      <geom name="sp" fromto="0 0 -0.4 0 0 0.2" size="0.1"/>

      <body name="r_shoulder_lift_link" pos="0.1 0 0">
        <joint name="r_shoulder_lift_joint" class="lift" range="-0.5236 1.3963" damping="1"/>
        <geom name="sl" fromto="0 -0.1 0 0 0.1 0" size="0.1"/>
        <body name="r_upper_arm_roll_link">
          <joint name="r_upper_arm_roll_joint" class="turn" range="-1.5 1.7"/>
          <geom name="uar" fromto="-0.1 0 0 0.1 0 0" size="0.02"/>
          <body name="r_upper_arm_link">
            <geom name="ua" fromto="0 0 0 0.4 0 0" size="0.06"/>

            <body name="r_elbow_flex_link" pos="0.4 0 0">
              <joint name="r_elbow_flex_joint" class="lift" range="-2.3213 0"/>
              <geom name="ef" fromto="0 -0.02 0 0 0.02 0" size="0.06"/>
              <body name="r_forearm_roll_link">
                <joint name="r_forearm_roll_joint" class="turn" range="-1.5 1.5"/>
                <geom name="fr" fromto="-0.1 0 0 0.1 0 0" size="0.02"/>
                <body name="r_forearm_link">
                  <geom name="fa" fromto="0 0 0 0.291 0 0" size="0.05"/>

                  <body name="r_wrist_flex_link" pos="0.321 0 0">
                    <joint name="r_wrist_flex_joint" class="lift" range="-1.094 0"/>
                    <geom name="wf" fromto="0 -0.02 0 0 0.02 0" size="0.01"/>
                    <body name="r_wrist_roll_link">
                      <joint name="r_wrist_roll_joint" class="turn" range="-1.5 1.5"/>
                      <geom class="solid" fromto="0 -0.1 0 0 0.1 0" size="0.02"/>
                      <geom class="solid" fromto="0 -0.1 0 0.1 -0.1 0" size="0.02"/>
                      <geom class="solid" fromto="0 0.1 0 0.1 0.1 0" size="0.02"/>
                      <body name="tips_arm">
                        <geom name="tip_arml" type="sphere" pos="0.1 -0.1 0" size="0.01"/>
                        <geom name="tip_armr" type="sphere" pos="0.1 0.1 0" size="0.01"/>
                      </body>
                    </body>
                  </body>
                </body>
              </body>
            </body>
          </body>
        </body>
      </body>
    </body>

    <body name="object" pos="0.45 -0.05 -0.275">
      <joint name="obj_slidey" class="slide" axis="0 1 0"/>
      <joint name="obj_slidex" class="slide" axis="1 0 0"/>
      <geom type="cylinder" size="0.05 0.05 0.05" density="0.01" contype="1"/>
    </body>

    <body name="goal" pos="0.45 -0.05 -0.323">
      <joint name="goal_slidey" class="slide" axis="0 1 0"/>
      <joint name="goal_slidex" class="slide" axis="1 0 0"/>
      <geom type="cylinder" size="0.08 0.001 0.1" density="0.00001"/>
    </body>
  </worldbody>

  <actuator>
    <motor joint="r_shoulder_pan_joint"/>
    <motor joint="r_shoulder_lift_joint"/>
    <motor joint="r_upper_arm_roll_joint"/>
    <motor joint="r_elbow_flex_joint"/>
    <motor joint="r_forearm_roll_joint"/>
    <motor joint="r_wrist_flex_joint"/>
    <motor joint="r_wrist_roll_joint"/>
  </actuator>
</mujoco>
`;
